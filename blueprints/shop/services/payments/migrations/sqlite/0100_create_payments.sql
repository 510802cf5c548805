-- Amounts are hundredths.
CREATE TABLE "payments" (
    "order_id" BLOB NOT NULL PRIMARY KEY,
    "customer" BLOB NOT NULL,
    "amount" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('taken', 'refunded')),
    "created_at" TEXT NOT NULL
) STRICT;

CREATE TABLE "reservations" (
    "order_id" BLOB NOT NULL PRIMARY KEY,
    "product" BLOB NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('held', 'released')),
    "created_at" TEXT NOT NULL
) STRICT;

-- Timestamps are TEXT of fixed width (RFC 3339, UTC), which sorts by time. Decimals are INTEGERs,
-- scaled by a power of ten, which sort and sum exactly.
CREATE TABLE "movements" (
    "transaction_id" BLOB NOT NULL PRIMARY KEY,
    "card" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "country" TEXT NOT NULL
) STRICT;

CREATE INDEX "movements_by_card" ON "movements" ("card", "at");

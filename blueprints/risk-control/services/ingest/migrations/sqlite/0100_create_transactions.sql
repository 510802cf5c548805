-- Timestamps are TEXT of fixed width (RFC 3339, UTC), which sorts by time. Decimals are INTEGERs,
-- scaled by a power of ten, which sort and sum exactly.
CREATE TABLE "transactions" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "card" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "country" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "decision" TEXT NOT NULL CHECK ("decision" IN ('approve', 'review', 'decline')),
    "score" INTEGER,
    "basis" TEXT NOT NULL CHECK ("basis" IN ('rules_and_model', 'rules', 'default')),
    "model" INTEGER,
    "reasons" TEXT NOT NULL,
    "features" TEXT NOT NULL,
    "created_at" TEXT NOT NULL
) STRICT;

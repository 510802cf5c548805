CREATE TABLE "movements" (
    "transaction_id" UUID NOT NULL PRIMARY KEY,
    "card" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "amount" NUMERIC(18, 2) NOT NULL,
    "country" TEXT NOT NULL
);

CREATE INDEX "movements_by_card" ON "movements" ("card", "at");

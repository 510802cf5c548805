CREATE TABLE "transactions" (
    "id" UUID NOT NULL PRIMARY KEY,
    "card" TEXT NOT NULL,
    "amount" NUMERIC(10, 2) NOT NULL,
    "country" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "decision" TEXT NOT NULL CHECK ("decision" IN ('approve', 'review', 'decline')),
    "score" BIGINT,
    "basis" TEXT NOT NULL CHECK ("basis" IN ('rules_and_model', 'rules', 'default')),
    "model" BIGINT,
    "reasons" JSONB NOT NULL,
    "features" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);

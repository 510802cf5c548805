-- Requests that may come again, by what their clients call them, and what they were answered.
CREATE TABLE "idempotency_keys" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request" BYTEA NOT NULL,
    "answer" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    PRIMARY KEY ("scope", "key")
);

CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" ("created_at");

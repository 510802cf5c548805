-- Events that have arrived. Those with a `due_at` wait to be handled, those with a `done_at` were,
-- and those with a `dead_at` were tried too often.
CREATE TABLE "inbox" (
    "position" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "event" JSONB NOT NULL,
    "attempts" BIGINT NOT NULL DEFAULT 0,
    "error" TEXT,
    "received_at" TIMESTAMPTZ NOT NULL,
    "due_at" TIMESTAMPTZ,
    "done_at" TIMESTAMPTZ,
    "dead_at" TIMESTAMPTZ,
    UNIQUE ("source", "id")
);

CREATE INDEX "inbox_due_at" ON "inbox" ("due_at", "position");
CREATE INDEX "inbox_done_at" ON "inbox" ("done_at");
CREATE INDEX "inbox_dead_at" ON "inbox" ("position") WHERE "dead_at" IS NOT NULL;

-- Events that wait to be put into queues, and those that were of late. `position` is the order in
-- which they were written.
CREATE TABLE "outbox" (
    "position" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "id" UUID NOT NULL UNIQUE,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "traceparent" TEXT,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "queued_at" TIMESTAMPTZ
);

CREATE INDEX "outbox_queued_at" ON "outbox" ("queued_at", "position");

-- What each receiver has not got yet.
CREATE TABLE "outbox_queue" (
    "receiver" TEXT NOT NULL,
    "position" BIGINT NOT NULL REFERENCES "outbox" ("position"),
    PRIMARY KEY ("receiver", "position")
);

CREATE INDEX "outbox_queue_position" ON "outbox_queue" ("position");

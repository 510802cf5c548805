-- Events that wait to be put into queues, and those that were of late. `position` is the order in
-- which they were written.
CREATE TABLE "outbox" (
    "position" INTEGER PRIMARY KEY AUTOINCREMENT,
    "id" BLOB NOT NULL UNIQUE,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "traceparent" TEXT,
    "data" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "queued_at" TEXT
) STRICT;

CREATE INDEX "outbox_queued_at" ON "outbox" ("queued_at", "position");

-- What each receiver has not got yet.
CREATE TABLE "outbox_queue" (
    "receiver" TEXT NOT NULL,
    "position" INTEGER NOT NULL REFERENCES "outbox" ("position"),
    PRIMARY KEY ("receiver", "position")
) STRICT;

CREATE INDEX "outbox_queue_position" ON "outbox_queue" ("position");

-- Events that wait to be sent, and those that were sent of late. `position` is the order in which
-- they were written.
CREATE TABLE "outbox" (
    "position" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "id" UUID NOT NULL UNIQUE,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "sent_at" TIMESTAMPTZ
);

CREATE INDEX "outbox_sent_at" ON "outbox" ("sent_at", "position");

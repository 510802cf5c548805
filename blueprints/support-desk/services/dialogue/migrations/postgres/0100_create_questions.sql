-- `revision` counts the changes, so that those who are told of them know which is later.
CREATE TABLE "questions" (
    "id" UUID NOT NULL PRIMARY KEY,
    "conversation" UUID NOT NULL REFERENCES "conversations" ("id") ON DELETE CASCADE,
    "text" TEXT NOT NULL,
    "topic" TEXT,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "answer" TEXT NOT NULL,
    "article" UUID,
    "agent" TEXT,
    "helpful" BOOLEAN,
    "missing" TEXT,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);

CREATE INDEX "questions_of_conversations" ON "questions" ("conversation", "id");

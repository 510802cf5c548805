CREATE TABLE "models" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "document" JSONB NOT NULL,
    "metrics" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "rules" (
    "revision" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "document" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);

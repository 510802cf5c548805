CREATE TABLE "users" (
    "id" UUID NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL UNIQUE,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);

-- What a login began: it goes on as long as its latest refresh token, whose hash is kept.
CREATE TABLE "user_sessions" (
    "id" UUID NOT NULL PRIMARY KEY,
    "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL
);

CREATE INDEX "user_sessions_by_user" ON "user_sessions" ("user_id");

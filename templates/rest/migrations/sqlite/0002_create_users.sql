CREATE TABLE "users" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL UNIQUE,
    "password_hash" TEXT NOT NULL,
    "created_at" TEXT NOT NULL
) STRICT;

-- What a login began: it goes on as long as its latest refresh token, whose hash is kept.
CREATE TABLE "user_sessions" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "user_id" BLOB NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    "token_hash" BLOB NOT NULL,
    "expires_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "user_sessions_by_user" ON "user_sessions" ("user_id");

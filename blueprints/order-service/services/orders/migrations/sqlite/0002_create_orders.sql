-- Timestamps are TEXT of fixed width (RFC 3339, UTC), which sorts by time. Decimals are INTEGERs, scaled by a
-- power of ten, which sort and sum exactly.
CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "user" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('pending', 'paid', 'shipped', 'cancelled')),
    "created_at" TEXT NOT NULL,
    "row_version" INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX "orders_by_user" ON "orders" ("user", "id");
CREATE INDEX "orders_by_status" ON "orders" ("status", "id");
CREATE INDEX "orders_by_created_at" ON "orders" ("created_at", "id");

CREATE TABLE "orders" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "user" TEXT NOT NULL,
    "amount" NUMERIC(10, 2) NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL CHECK ("status" IN ('pending', 'paid', 'shipped', 'cancelled')),
    "created_at" TIMESTAMPTZ NOT NULL,
    "row_version" BIGINT NOT NULL DEFAULT 1
);

CREATE INDEX "orders_by_user" ON "orders" ("user", "id");
CREATE INDEX "orders_by_status" ON "orders" ("status", "id");
CREATE INDEX "orders_by_created_at" ON "orders" ("created_at", "id");

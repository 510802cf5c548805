-- `due_at` says from when on anybody may go on with an order.
CREATE TABLE "orders" (
    "id" UUID NOT NULL PRIMARY KEY,
    "customer" UUID NOT NULL,
    "product" UUID NOT NULL,
    "quantity" BIGINT NOT NULL,
    "total" NUMERIC(10, 2) NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);

CREATE INDEX "orders_by_customer" ON "orders" ("customer", "id");
CREATE INDEX "orders_that_go_on" ON "orders" ("due_at") WHERE "status" NOT IN ('confirmed', 'cancelled');

CREATE TABLE "payments" (
    "order_id" UUID NOT NULL PRIMARY KEY,
    "customer" UUID NOT NULL,
    "amount" NUMERIC(10, 2) NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('taken', 'refunded')),
    "created_at" TIMESTAMPTZ NOT NULL
);

-- Orders from before have a product that nobody wrote down, and were last changed when they were made.
ALTER TABLE "orders" ADD COLUMN "product" TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE "orders" ADD COLUMN "quantity" BIGINT NOT NULL DEFAULT 1;
ALTER TABLE "orders" ADD COLUMN "updated_at" TIMESTAMPTZ;
UPDATE "orders" SET "updated_at" = "created_at";
ALTER TABLE "orders" ALTER COLUMN "updated_at" SET NOT NULL;
ALTER TABLE "orders" ALTER COLUMN "product" DROP DEFAULT;
ALTER TABLE "orders" ALTER COLUMN "quantity" DROP DEFAULT;

-- Orders from before have a product that nobody wrote down, and were last changed when they were made.
ALTER TABLE "orders" ADD COLUMN "product" TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE "orders" ADD COLUMN "quantity" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "orders" ADD COLUMN "updated_at" TEXT NOT NULL DEFAULT '';
UPDATE "orders" SET "updated_at" = "created_at";

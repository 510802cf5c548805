//! Decimals in the database. PostgreSQL stores NUMERIC. SQLite has no exact type for it and stores
//! an INTEGER, the value times ten to the power of `SCALE`: it sorts and sums right.

use rust_decimal::Decimal as Number;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type};

use crate::Decimal;

impl<const DIGITS: u32, const SCALE: u32> Type<Postgres> for Decimal<DIGITS, SCALE> {
    fn type_info() -> PgTypeInfo {
        <Number as Type<Postgres>>::type_info()
    }
}

impl<const DIGITS: u32, const SCALE: u32> Encode<'_, Postgres> for Decimal<DIGITS, SCALE> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.get(), buffer)
    }
}

impl<const DIGITS: u32, const SCALE: u32> Decode<'_, Postgres> for Decimal<DIGITS, SCALE> {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self::new(Decode::<Postgres>::decode(value)?)?)
    }
}

impl<const DIGITS: u32, const SCALE: u32> Type<Sqlite> for Decimal<DIGITS, SCALE> {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
}

impl<const DIGITS: u32, const SCALE: u32> Encode<'_, Sqlite> for Decimal<DIGITS, SCALE> {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(i64::try_from(self.get().mantissa())?, buffer)
    }
}

impl<const DIGITS: u32, const SCALE: u32> Decode<'_, Sqlite> for Decimal<DIGITS, SCALE> {
    fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
        let mantissa = <i64 as Decode<Sqlite>>::decode(value)?;
        Ok(Self::new(Number::from_i128_with_scale(
            mantissa.into(),
            SCALE,
        ))?)
    }
}

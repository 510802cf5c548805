//! Registration, login and refresh over HTTP.

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::{Extension, Json};
use chassis::auth::{RefreshToken, Unauthorized};
use chassis::unauthorized::unauthorized;
use chassis::{Auth, Database, {% if entities | length == 0 %}Identity, {% endif %}Result, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Login, Refresh, Registration, TokenPair, User};
use super::store;

/// The routes of accounts, which need no token: here they come from.
pub fn routes(auth: &Auth) -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .layer(Extension(auth.clone()))
}

{% if entities | length == 0 -%}
/// The route that shows who asks.
pub fn account() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(read_account))
}

#[utoipa::path(
    get,
    path = "/account",
    tag = "accounts",
    summary = "Read one's own account",
    responses((status = 200, description = "The account", body = User)),
)]
async fn read_account(
    State(db): State<Database>,
    Identity(account): Identity,
) -> Result<Json<User>> {
    let account = store::read(&db, account).await?;
    // Its token outlives an account by minutes.
    let gone = || unauthorized("The account is gone.");
    account.map(Json).ok_or_else(gone)
}

{% endif -%}
#[utoipa::path(
    post,
    path = "/register",
    tag = "accounts",
    summary = "Register an account",
    request_body = Registration,
    responses((status = 201, description = "Registered", body = User)),
)]
async fn register(
    State(db): State<Database>,
    Extension(auth): Extension<Auth>,
    ValidJson(input): ValidJson<Registration>,
) -> Result<(StatusCode, Json<User>)> {
    let hash = auth.passwords.hash(input.password).await?;
    let user = store::insert(&db, &normal(&input.email), &hash).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

#[utoipa::path(
    post,
    path = "/login",
    tag = "accounts",
    summary = "Log in",
    request_body = Login,
    responses(
        (status = 200, description = "Tokens of a new session", body = TokenPair),
        Unauthorized,
    ),
)]
async fn login(
    State(db): State<Database>,
    Extension(auth): Extension<Auth>,
    ValidJson(input): ValidJson<Login>,
) -> Result<Tokens> {
    let account = store::find(&db, &normal(&input.email)).await?;
    let (user, hash) = account.unzip();
    let is_it = auth.passwords.verify(input.password, hash).await?;
    // Whether there is such an account is told neither by the answer nor by its time.
    let user = user.filter(|_| is_it);
    let user = user.ok_or_else(|| unauthorized("The email or the password is wrong."))?;
    let token = RefreshToken::new(Uuid::new_v4())?;
    store::begin(&db, user, &token, auth.refresh_until()).await?;
    tokens(&auth, user, &token)
}

#[utoipa::path(
    post,
    path = "/refresh",
    tag = "accounts",
    summary = "Get the next tokens of a session",
    request_body = Refresh,
    responses(
        (status = 200, description = "The next tokens", body = TokenPair),
        Unauthorized,
    ),
)]
async fn refresh(
    State(db): State<Database>,
    Extension(auth): Extension<Auth>,
    ValidJson(input): ValidJson<Refresh>,
) -> Result<Tokens> {
    let over = || unauthorized("The session is over: log in again.");
    let spent = RefreshToken::parse(&input.refresh_token).ok_or_else(over)?;
    let next = RefreshToken::new(spent.session())?;
    let user = store::rotate(&db, &spent, &next, auth.refresh_until()).await?;
    if let Some(user) = user {
        return tokens(&auth, user, &next);
    }
    // Used before, by its owner or by a thief, nobody can tell: neither goes on with this session.
    if let Some(user) = store::end(&db, spent.session()).await? {
        tracing::warn!(%user, "a refresh token was used late or twice: its session is ended");
    }
    Err(over())
}

/// Tokens are nobody else's: no cache on the way may keep them.
type Tokens = ([(HeaderName, &'static str); 1], Json<TokenPair>);

fn tokens(auth: &Auth, user: Uuid, refresh_token: &RefreshToken) -> Result<Tokens> {
    let pair = TokenPair {
        access_token: auth.access_token(user)?,
        token_type: "Bearer",
        expires_in: auth.access_lifetime().as_secs(),
        refresh_token: refresh_token.to_string(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(pair)))
}

/// An address is the same however it is written.
fn normal(email: &str) -> String {
    email.to_lowercase()
}

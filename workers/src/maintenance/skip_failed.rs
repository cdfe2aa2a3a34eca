//! One application that fails must not stop the others.

use crate::services::{ServiceError, Services};

/// Reports the failure of one application and continues, unless a service is
/// down and all others would fail too. Returns how many failed, one or none.
///
/// # Errors
/// The failure, when a service is down.
pub(super) async fn skip_failed(
    services: &Services,
    result: Result<(), impl Into<ServiceError>>,
    application_id: &str,
) -> Result<usize, ServiceError> {
    let Err(error) = result.map_err(Into::into) else { return Ok(0) };
    if is_service_down(services, &error).await {
        return Err(error);
    }
    let (code, reason) = (error.code(), error.for_log());
    tracing::error!(application.id = %application_id, code, reason, "Skipped until the next round");
    metrics::counter!("tekseru_maintenance_failures_total", "code" => error.code()).increment(1);
    Ok(1)
}

async fn is_service_down(services: &Services, error: &ServiceError) -> bool {
    match error.dependency() {
        Some(dependency) => !services.is_up(dependency).await,
        None => false,
    }
}

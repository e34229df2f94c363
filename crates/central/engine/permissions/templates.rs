//! Templates: what a reseller begins with. One that nobody changed is as it is built in; changing one changes no reseller.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::grant::Template;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::permissions::{PermissionTemplate, SaveTemplate};

use super::{Held, changed_meanwhile, check, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::stored::stored_number;

/// All of them.
pub(crate) async fn list(conn: &mut Conn, operator: OperatorId) -> Result<Vec<PermissionTemplate>, Failure> {
    let mut all = Vec::with_capacity(Template::ALL.len());
    for template in Template::ALL {
        all.push(read(conn, operator, *template).await?);
    }
    Ok(all)
}

pub(super) async fn read(
    conn: &mut Conn,
    operator: OperatorId,
    template: Template,
) -> Result<PermissionTemplate, Failure> {
    let Some(row) = repo::template(conn, operator, template).await? else {
        return Ok(PermissionTemplate { template, version: 0, permissions: template.built_in(), changed_at: None });
    };
    let table = "permission_template";
    let held = Held { table, row: format!("{operator}/{}", template.as_str()) };
    Ok(PermissionTemplate {
        template,
        version: stored_number(row.revision, table, "revision", &held.row)?,
        permissions: held.permissions(&row.grants, row.max_accounts, row.max_connections)?,
        changed_at: Some(Timestamp(row.changed_at)),
    })
}

/// Changes a template as it was read. Resellers that took it keep what they have.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    template: Template,
    asked: &SaveTemplate,
) -> Result<PermissionTemplate, Failure> {
    check(&asked.permissions)?;
    let mut work = app.begin(operator).await?;
    let before = read(work.conn(), operator, template).await?;
    let now = work.now();
    if !repo::save_template(work.conn(), operator, template, asked, now).await? {
        return Err(changed_meanwhile("this template", before.version));
    }
    let after = read(work.conn(), operator, template).await?;
    audit::record(&mut work, actor, "permission_template.edit", None, Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

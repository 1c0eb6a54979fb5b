//! Transcripts of files of decisions.

use expect_test::expect;

use super::stage::Stage;

const FILE: &str = "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'><decision id='risk' name='Risk'><literalExpression id='l'><text>1 + 1</text></literalExpression></decision></definitions>";

#[tokio::test]
async fn a_file_of_decisions_has_versions_that_are_deployed_read_and_deleted() {
    let script = format!(
        r#"
        POST /api/process-manager/decisions {{"name":"risks","versionTag":"a","resource":"{FILE}"}}
        POST /api/process-manager/decisions/ID1/status/DEPLOYED_ACTIVE
        POST /api/process-manager/decisions {{"name":"risks","creationOption":"Save & Deploy","resource":"{}"}}
        GET /api/process-manager/decisions?size=10
        GET /api/process-manager/decisions/risks/versions?size=1
        DELETE /api/process-manager/decisions/ID1
        GET /api/process-manager/decisions/ID1
        POST /api/process-manager/decisions {{"name":"risks","resource":"<definitions/>"}}
        "#,
        FILE.replace("1 + 1", "2 + 2")
    );
    Stage::new().await.play(&script, expect![[r#"
        POST /api/process-manager/decisions {"name":"risks","versionTag":"a","resource":"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'><decision id='risk' name='Risk'><literalExpression id='l'><text>1 + 1</text></literalExpression></decision></definitions>"}
        201
        {
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "decisions": [
            "risk"
          ],
          "id": "ID1",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "risks",
          "resource": "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'><decision id='risk' name='Risk'><literalExpression id='l'><text>1 + 1</text></literalExpression></decision></definitions>",
          "status": "EDITABLE",
          "tenantId": "demo",
          "version": 1,
          "versionTag": "a"
        }
        POST /api/process-manager/decisions/ID1/status/DEPLOYED_ACTIVE
        200
        {
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "decisions": [
            "risk"
          ],
          "id": "ID1",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "risks",
          "status": "DEPLOYED_ACTIVE",
          "tenantId": "demo",
          "version": 1,
          "versionTag": "a"
        }
        POST /api/process-manager/decisions {"name":"risks","creationOption":"Save & Deploy","resource":"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'><decision id='risk' name='Risk'><literalExpression id='l'><text>2 + 2</text></literalExpression></decision></definitions>"}
        201
        {
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "decisions": [
            "risk"
          ],
          "id": "ID2",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "risks",
          "resource": "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'><decision id='risk' name='Risk'><literalExpression id='l'><text>2 + 2</text></literalExpression></decision></definitions>",
          "status": "DEPLOYED_ACTIVE",
          "tenantId": "demo",
          "version": 2
        }
        GET /api/process-manager/decisions?size=10
        200
        {
          "content": [
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "decisions": [
                "risk"
              ],
              "id": "ID2",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "risks",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 2
            }
          ],
          "page": "page 0 of 1, 1 of 1 items, by name ASC"
        }
        GET /api/process-manager/decisions/risks/versions?size=1
        200
        {
          "content": [
            {
              "createdBy": "API Key: admin",
              "createdDtm": "2026-01-01T12:00:00Z",
              "decisions": [
                "risk"
              ],
              "id": "ID2",
              "lastUpdatedBy": "API Key: admin",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "risks",
              "status": "DEPLOYED_ACTIVE",
              "tenantId": "demo",
              "version": 2
            }
          ],
          "page": "page 0 of 2, 1 of 2 items, by version DESC"
        }
        DELETE /api/process-manager/decisions/ID1
        200
        GET /api/process-manager/decisions/ID1
        404
        {
          "detail": "decision \"ID1\" does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "about:blank"
        }
        POST /api/process-manager/decisions {"name":"risks","resource":"<definitions/>"}
        422
        {
          "detail": "the decision has 1 flaw",
          "errors": [
            {
              "message": "a DMN file begins with definitions of DMN 1.1, 1.2 or 1.3, not with definitions",
              "path": ""
            }
          ],
          "flaws": [
            {
              "element": null,
              "line": 1,
              "message": "a DMN file begins with definitions of DMN 1.1, 1.2 or 1.3, not with definitions",
              "rule": "not-dmn"
            }
          ],
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "about:blank"
        }
    "#]]).await;
}

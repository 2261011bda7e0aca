import type { Handlers } from "../../apply/step.ts";
import { acknowledge } from "./acknowledge.ts";
import { actInCase } from "./act-in-case.ts";
import { adoptDefinition } from "./adopt-definition.ts";
import { openToAuditor, recordFinding } from "./audit-act.ts";
import { decideCase } from "./decide-case.ts";
import { disclose } from "./disclose.ts";
import { drawAct } from "./draw-act.ts";
import { eraseCase } from "./erase-case.ts";
import { openCase } from "./open-case.ts";
import { publishDefinition, voteForDefinition } from "./publish-definition.ts";

export const servicesHandlers: Handlers<"services"> = {
  "services/publish": publishDefinition,
  "services/vote": voteForDefinition,
  "services/adopt": adoptDefinition,
  "services/open": openCase,
  "services/act": actInCase,
  "services/decide": decideCase,
  "services/disclose": disclose,
  "services/acknowledge": acknowledge,
  "services/draw": drawAct,
  "services/open-to-auditor": openToAuditor,
  "services/finding": recordFinding,
  "services/erase": eraseCase,
};

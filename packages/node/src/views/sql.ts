/** views.sqlite: read models. Everything in it follows from the ledger and can be deleted. */
export const VIEW_TABLES: readonly string[] = [
  `CREATE TABLE position (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  block INTEGER NOT NULL,
  network BLOB NOT NULL
) STRICT`,
  `CREATE TABLE recorded (
  leaf INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  block INTEGER NOT NULL,
  signer BLOB NOT NULL,
  kinds TEXT NOT NULL,
  refusal TEXT
) STRICT`,
  `CREATE TABLE in_case (
  case_id BLOB NOT NULL,
  leaf INTEGER NOT NULL,
  PRIMARY KEY (case_id, leaf)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE signing_key (
  id BLOB PRIMARY KEY,
  key BLOB NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE disclosure (
  id BLOB NOT NULL,
  message INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  name TEXT NOT NULL,
  recipient TEXT NOT NULL,
  agreement TEXT,
  due_ms INTEGER NOT NULL,
  acknowledged BLOB,
  PRIMARY KEY (id, message)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE draw (
  act BLOB PRIMARY KEY,
  drawn BLOB NOT NULL,
  cosigner TEXT NOT NULL,
  opened BLOB,
  finding BLOB,
  agrees INTEGER
) STRICT, WITHOUT ROWID`,
];

export const VIEW_SQL = {
  start: "INSERT INTO position (id, block, network) VALUES (0, 0, ?)",
  position: "SELECT block, network FROM position",
  setPosition: "UPDATE position SET block = ?",
  insertRecorded:
    "INSERT INTO recorded (leaf, id, block, signer, kinds, refusal) VALUES (?, ?, ?, ?, ?, ?)",
  insertInCase: "INSERT OR IGNORE INTO in_case (case_id, leaf) VALUES (?, ?)",
  insertKey: "INSERT OR IGNORE INTO signing_key (id, key) VALUES (?, ?)",
  insertDisclosure:
    "INSERT INTO disclosure (id, message, case_id, name, recipient, agreement, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
  acknowledge: "UPDATE disclosure SET acknowledged = ? WHERE id = ? AND message = ?",
  insertDraw: "INSERT OR IGNORE INTO draw (act, drawn, cosigner) VALUES (?, ?, ?)",
  openDraw: "UPDATE draw SET opened = ? WHERE act = ?",
  findDraw: "UPDATE draw SET finding = ?, agrees = ? WHERE act = ?",
  byId: "SELECT leaf, block FROM recorded WHERE id = ?",
  newest:
    "SELECT leaf, id, block, signer, kinds, refusal FROM recorded WHERE leaf < ? ORDER BY leaf DESC LIMIT ?",
  ofCase:
    "SELECT leaf, id, block, signer, kinds, refusal FROM recorded WHERE leaf IN (SELECT leaf FROM in_case WHERE case_id = ?) ORDER BY leaf",
  key: "SELECT key FROM signing_key WHERE id = ?",
  disclosures:
    "SELECT d.id, d.message, d.case_id, d.name, d.recipient, d.agreement, d.due_ms, d.acknowledged FROM disclosure d JOIN recorded r ON r.id = d.id WHERE r.leaf < ? ORDER BY r.leaf DESC LIMIT ?",
  draws:
    "SELECT d.act, d.drawn, d.cosigner, d.opened, d.finding, d.agrees FROM draw d JOIN recorded r ON r.id = d.drawn WHERE r.leaf < ? ORDER BY r.leaf DESC LIMIT ?",
  counts:
    "SELECT (SELECT count(*) FROM recorded) AS transactions, (SELECT count(*) FROM recorded WHERE refusal IS NOT NULL) AS refused, (SELECT count(DISTINCT case_id) FROM in_case) AS cases, (SELECT count(*) FROM disclosure) AS disclosures, (SELECT count(*) FROM disclosure WHERE acknowledged IS NOT NULL) AS acknowledged, (SELECT count(*) FROM draw) AS draws, (SELECT count(*) FROM draw WHERE finding IS NOT NULL) AS findings",
} as const;

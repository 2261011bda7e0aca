/**
 * vault/<member>.sqlite: what one member keeps about people, and the work that it still owes them.
 * Whatever could name somebody is sealed; case ids, record names and dates lie open.
 */
export const VAULT_TABLES: readonly string[] = [
  `CREATE TABLE data_key (
  scope BLOB PRIMARY KEY,
  nonce BLOB NOT NULL,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE record (
  scope BLOB NOT NULL,
  name TEXT NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE due (
  scope BLOB NOT NULL,
  name TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID`,
  "CREATE INDEX due_by_time ON due (due_ms)",
  `CREATE TABLE reading (
  sequence INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  scope BLOB NOT NULL,
  record TEXT NOT NULL,
  why TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT`,
  "CREATE INDEX reading_by_scope ON reading (scope)",
  `CREATE TABLE erased (
  scope BLOB PRIMARY KEY,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE outgoing (
  id INTEGER PRIMARY KEY,
  scope BLOB NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  reference BLOB NOT NULL,
  envelope BLOB NOT NULL,
  acknowledge_by_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL,
  fault TEXT,
  UNIQUE (kind, reference, recipient)
) STRICT`,
  "CREATE INDEX outgoing_by_time ON outgoing (next_ms)",
  `CREATE TABLE expected (
  reference BLOB PRIMARY KEY,
  scope BLOB NOT NULL,
  sender TEXT NOT NULL,
  disclosure TEXT NOT NULL,
  acknowledge_by_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE task (
  kind TEXT NOT NULL,
  reference BLOB NOT NULL,
  scope BLOB NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL,
  fault TEXT,
  PRIMARY KEY (kind, reference)
) STRICT, WITHOUT ROWID`,
  "CREATE INDEX task_by_time ON task (next_ms)",
  `CREATE TABLE cursor (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  block INTEGER NOT NULL
) STRICT`,
  `CREATE TABLE status_list (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  entries BLOB NOT NULL,
  token TEXT NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE status_entry (
  list TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (list, position)
) STRICT, WITHOUT ROWID`,
];

export const VAULT_SQL = {
  insertKey: "INSERT OR IGNORE INTO data_key (scope, nonce, wrapped) VALUES (?, ?, ?)",
  key: "SELECT nonce, wrapped FROM data_key WHERE scope = ?",
  keysWithout:
    "SELECT scope FROM data_key WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.scope = data_key.scope)",
  deleteKey: "DELETE FROM data_key WHERE scope = ?",
  putRecord:
    "INSERT INTO record (scope, name, nonce, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed",
  record: "SELECT nonce, sealed FROM record WHERE scope = ? AND name = ?",
  recordNames: "SELECT name FROM record WHERE scope = ? ORDER BY name",
  deleteRecord: "DELETE FROM record WHERE scope = ? AND name = ?",
  deleteRecords: "DELETE FROM record WHERE scope = ?",
  putDue:
    "INSERT INTO due (scope, name, due_ms, why) VALUES (?, ?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET due_ms = excluded.due_ms, why = excluded.why",
  due: "SELECT scope, name, due_ms, why FROM due WHERE due_ms <= ? ORDER BY due_ms",
  dueOf: "SELECT scope, name, due_ms, why FROM due WHERE scope = ? ORDER BY name",
  deleteDue: "DELETE FROM due WHERE scope = ? AND name = ?",
  deleteDues: "DELETE FROM due WHERE scope = ?",
  insertReading:
    "INSERT INTO reading (sequence, at_ms, who, scope, record, why, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
  lastReading: "SELECT sequence, hash FROM reading ORDER BY sequence DESC LIMIT 1",
  readings: "SELECT sequence, at_ms, who, scope, record, why, hash FROM reading ORDER BY sequence",
  readingsOf:
    "SELECT sequence, at_ms, who, scope, record, why, hash FROM reading WHERE scope = ? ORDER BY sequence",
  insertErased: "INSERT OR IGNORE INTO erased (scope, at_ms) VALUES (?, ?)",
  erased: "SELECT at_ms FROM erased WHERE scope = ?",
  deleteOutgoingOf: "DELETE FROM outgoing WHERE scope = ?",
  deleteExpectedOf: "DELETE FROM expected WHERE scope = ?",
  deleteTasksOf: "DELETE FROM task WHERE scope = ?",
} as const;

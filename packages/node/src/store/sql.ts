/**
 * ledger.sqlite: nothing but what genesis and blocks determine, and signatures over it.
 * Each table has its checker in ../audit/; a new column needs one before it may stand here.
 */
export const LEDGER_TABLES: readonly string[] = [
  `CREATE TABLE genesis (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  bytes BLOB NOT NULL
) STRICT`,
  `CREATE TABLE block (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  header BLOB NOT NULL,
  leaves BLOB NOT NULL,
  transactions BLOB NOT NULL,
  effects BLOB NOT NULL
) STRICT`,
  `CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  note TEXT NOT NULL
) STRICT`,
  `CREATE TABLE cosignature (
  size INTEGER NOT NULL,
  name TEXT NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (size, name)
) STRICT, WITHOUT ROWID`,
];

export const LEDGER_SQL = {
  insertGenesis: "INSERT INTO genesis (id, bytes) VALUES (0, ?)",
  genesis: "SELECT bytes FROM genesis",
  insertBlock:
    "INSERT INTO block (number, header, leaves, transactions, effects) VALUES (?, ?, ?, ?, ?)",
  block: "SELECT number, header, leaves, transactions, effects FROM block WHERE number = ?",
  blocks:
    "SELECT number, header, leaves, transactions, effects FROM block WHERE number >= ? ORDER BY number",
  headers: "SELECT number, header FROM block WHERE number >= ? ORDER BY number LIMIT ?",
  lastNumber: "SELECT max(number) AS number FROM block",
  insertCheckpoint: "INSERT OR IGNORE INTO checkpoint (size, note) VALUES (?, ?)",
  checkpoint: "SELECT note FROM checkpoint WHERE size = ?",
  checkpoints: "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT ?",
  insertCosignature: "INSERT OR IGNORE INTO cosignature (size, name, line) VALUES (?, ?, ?)",
  cosignatures: "SELECT name, line FROM cosignature WHERE size = ? ORDER BY name",
  pruneCosignatures: "DELETE FROM cosignature WHERE size < ?",
  pruneCheckpoints: "DELETE FROM checkpoint WHERE size < ?",
} as const;

/** node.sqlite: what this node alone knows. Losing it loses no record. */
export const NODE_TABLES: readonly string[] = [
  `CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE peer (
  operator TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  code TEXT NOT NULL,
  what TEXT NOT NULL,
  material TEXT NOT NULL,
  resolved INTEGER NOT NULL DEFAULT 0
) STRICT`,
];

export const NODE_SQL = {
  setCounter:
    "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  counters: "SELECT name, value FROM counter ORDER BY name",
  setPeer:
    "INSERT INTO peer (operator, size, seen_ms) VALUES (?, ?, ?) ON CONFLICT (operator) DO UPDATE SET size = excluded.size, seen_ms = excluded.seen_ms",
  peers: "SELECT operator, size, seen_ms FROM peer ORDER BY operator",
  insertEvidence: "INSERT INTO evidence (at_ms, code, what, material) VALUES (?, ?, ?, ?)",
  evidence: "SELECT id, at_ms, code, what, material, resolved FROM evidence ORDER BY id",
  resolveEvidence: "UPDATE evidence SET resolved = 1 WHERE resolved = 0",
} as const;

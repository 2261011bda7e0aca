import { type Hash, hashLeaf } from "@tallystick/log";
import { isInLondonTable, londonDay } from "../civil.ts";
import {
  decodeGenesis,
  type Genesis,
  networkId,
  originOf,
  type Parameters,
  parametersOf,
} from "../genesis.ts";
import type { Host } from "../host.ts";
import { seedMembers } from "../modules/members/state.ts";
import { DefinitionCache } from "../modules/services/definition-cache.ts";
import { StateMap } from "../state/state-map.ts";
import { LiveIds } from "./live-ids.ts";
import type { BlockContext } from "./step.ts";

/** The last block's header, or genesis when there is none yet. */
export interface LastHeader {
  /** 0 for genesis. */
  readonly number: bigint;
  readonly timeMs: bigint;
  readonly leafHash: Hash;
}

/** All that the next block depends on. `applyBlock` and `replayEffects` move it on. */
export interface LedgerState {
  readonly genesis: Genesis;
  readonly networkId: Hash;
  readonly origin: string;
  readonly parameters: Parameters;
  readonly map: StateMap;
  readonly liveIds: LiveIds;
  readonly definitions: DefinitionCache;
  lastHeader: LastHeader;
  /** Leaves in the log, genesis included. */
  leafCount: number;
}

/** The ledger as genesis leaves it. Throws RangeError when the bytes are no genesis leaf. */
export const openLedger = (host: Pick<Host, "sha256">, genesisBytes: Uint8Array): LedgerState => {
  const genesis = decodeGenesis(genesisBytes);
  const parameters = genesis === null ? null : parametersOf(genesis);
  if (genesis === null || parameters === null || !isInLondonTable(genesis.timeMs)) {
    throw new RangeError("the genesis leaf cannot be read");
  }
  const network = networkId(host.sha256, genesisBytes);
  const map = new StateMap(host.sha256);
  seedMembers(map, genesis, host.sha256);
  const leafHash = hashLeaf(host.sha256, genesisBytes);
  return {
    genesis,
    networkId: network,
    origin: originOf(genesis, network),
    parameters,
    map,
    liveIds: new LiveIds(),
    definitions: new DefinitionCache(),
    lastHeader: { number: 0n, timeMs: genesis.timeMs, leafHash },
    leafCount: 1,
  };
};

/** What stays the same for a block at this time on top of the state. */
export const contextAt = (host: Host, state: LedgerState, nowMs: bigint): BlockContext => ({
  host,
  networkId: state.networkId,
  origin: state.origin,
  logKey: state.genesis.logKey,
  parameters: state.parameters,
  definitions: state.definitions,
  nowMs,
  today: londonDay(nowMs),
  firstIndex: state.leafCount,
});

"""Reads Tallystick's formats with Debian's cbor2 and cryptography, from spec/ and nothing else.

Standard input: one JSON object of questions, everything in hexadecimal. Standard output: for each
question in its order, "" when all that it claims holds, else what does not.

  transactions  {bytes, networkId, coseKey, id, keyId, bytesHash}
  leaves        {bytes, leafHash}
  effects       {all: [bytes], digest}
  states        {entries: [{module, key, value}], root}
  stateProofs   {proof, module, key, value or null, root}
  commitments   {networkId, caseId, fields: [{name, salt, valueCbor}], root}
  openings      {networkId, caseId, name, salt, valueCbor, index, size, proof: [hash], root}
"""

import hashlib
import json
import sys
from io import BytesIO

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

EMPTY = bytes(32)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Fault(Exception):
    """A claim that does not hold."""


def require(holds, what):
    if not holds:
        raise Fault(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(data):
    """The one item in the bytes, which must be the one that RFC 8949's rules would write."""
    stream = BytesIO(data)
    value = cbor2.load(stream)
    require(stream.read() == b"", "bytes after the item")
    require(cbor2.dumps(value, canonical=True) == data, "not deterministic CBOR")
    return value


def require_positional(value, depth=1):
    """Integers, bytes, text, true, false, null and arrays of these."""
    if isinstance(value, list):
        require(depth <= 16, "too deep")
        for item in value:
            require_positional(item, depth + 1)
    else:
        plain = value is None or isinstance(value, (bool, int, bytes, str))
        require(plain, f"a {type(value).__name__} in positional CBOR")
        if isinstance(value, int):
            require(-(2**63) <= value < 2**63, "integer out of range")


# Transactions


def verify_signature(cose_key, message, signature):
    try:
        if cose_key[1] == 1:
            require(sorted(cose_key) == [-2, -1, 1] and cose_key[-1] == 6, "not an Ed25519 key")
            key = ed25519.Ed25519PublicKey.from_public_bytes(cose_key[-2])
            key.verify(signature, message)
            return -19
        require(sorted(cose_key) == [-3, -2, -1, 1] and cose_key[-1] == 1, "not a P-256 key")
        point = b"\x04" + cose_key[-2] + cose_key[-3]
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        require(s <= P256_ORDER // 2, "s is not the low one")
        der = utils.encode_dss_signature(r, s)
        key.verify(der, message, ec.ECDSA(hashes.SHA256()))
        return -9
    except InvalidSignature:
        raise Fault("signature does not verify") from None


def check_transaction(claim):
    data = claim["bytes"]
    require(len(data) <= 49_152, "too large")
    # cbor2 writes shared lists by reference only when asked, so a tag is written back as it was.
    envelope = read(data)
    require(isinstance(envelope, cbor2.CBORTag) and envelope.tag == 18, "not tag 18")
    require(len(envelope.value) == 4, "not an array of four")
    protected, unprotected, payload, signature = envelope.value
    require(unprotected == {}, "unprotected header not empty")
    require(len(signature) == 64, "signature has not 64 bytes")
    header = read(protected)
    require(list(header) in ([1, 4], [1, 4, -65537]), "labels of the protected header")
    items = read(payload)
    require_positional(items)
    require(len(items) == 9 and items[0] == 1 and items[8] is None, "payload form")
    require(len(items[1]) == 16 and 1 <= len(items[7]) <= 16, "nonce or messages")

    key_bytes = claim["coseKey"]
    key = read(key_bytes)
    require(header.get(-65537, key) == key, "another key in the header")
    require(header[4] == sha256(key_bytes) == claim["keyId"], "key id is not the thumbprint")
    signed = cbor2.dumps(["Signature1", protected, claim["networkId"], payload], canonical=True)
    require(sha256(signed) == claim["id"], "another id")
    require(sha256(data) == claim["bytesHash"], "another hash of the bytes")
    require(verify_signature(key, signed, signature) == header[1], "algorithm of another key")


# Leaves and effects

LEAF_ITEMS = {1: 7, 2: 5, 3: 11, 4: 3}


def check_leaf(claim):
    items = read(claim["bytes"])
    require_positional(items)
    require(LEAF_ITEMS.get(items[0]) == len(items), "leaf form")
    require(sha256(b"\x00", claim["bytes"]) == claim["leafHash"], "another leaf hash")


def check_genesis(claim):
    items = read(claim["leaf"])
    require_positional(items)
    require(items[0] == 0 and items[1] == 1 and len(items) == 14, "genesis form")
    network = sha256(b"\x00", claim["leaf"])
    require(network == claim["networkId"], "another network id")
    require(claim["origin"] == f"{items[4]}/{network[:8].hex()}", "another origin")


def check_definition(claim):
    items = read(claim["bytes"])
    require_positional(items)
    require(items[0] == 1 and len(items) == 6, "definition form")
    digest = sha256(b"tallystick/definition/v1", claim["bytes"])
    require(digest == claim["hash"], "another definition hash")


def check_message(claim):
    items = read(claim["bytes"])
    require_positional(items)
    require(items[0] == claim["number"], "another message number")


def check_effects(claim):
    for data in claim["all"]:
        writes, events = read(data)
        require_positional([writes, events])
        places = [(module.encode(), key) for module, key, _ in writes]
        require(places == sorted(set(places)), "writes out of order")
        require(all(isinstance(event[0], str) for event in events), "event without a name")
    digest = sha256(b"tallystick/effects/v1", cbor2.dumps(claim["all"], canonical=True))
    require(digest == claim["digest"], "another digest")


# State


def key_hash(module, key):
    return sha256(module.encode(), b"\x00", key)


def bits(digest):
    return "".join(f"{byte:08b}" for byte in digest)


def leaf_hash(hashed_key, value_hash):
    return sha256(b"\x00", hashed_key, value_hash)


def subtree(leaves, depth):
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0][1]
    left = [leaf for leaf in leaves if leaf[0][depth] == "0"]
    right = [leaf for leaf in leaves if leaf[0][depth] == "1"]
    return sha256(subtree(left, depth + 1), subtree(right, depth + 1))


def check_state(claim):
    leaves = []
    for entry in claim["entries"]:
        hashed = key_hash(entry["module"], entry["key"])
        leaves.append((bits(hashed), leaf_hash(hashed, sha256(entry["value"]))))
    require(subtree(leaves, 0) == claim["root"], "another state root")


def check_state_proof(claim):
    items = read(claim["proof"])
    require_positional(items)
    hashed, value, bitmap, siblings, other = items
    require(hashed == key_hash(claim["module"], claim["key"]), "proof of another key")
    require(value == claim["value"], "another value")
    require(len(bitmap) == 32 and all(len(s) == 32 and s != EMPTY for s in siblings), "siblings")
    depths = [depth for depth, bit in enumerate(bits(bitmap)) if bit == "1"]
    require(len(depths) == len(siblings), "siblings and bitmap differ")
    if value is not None:
        require(other is None, "present and absent")
        node = leaf_hash(hashed, sha256(value))
    elif other is not None:
        require(other[0] != hashed, "its own leaf as another")
        node = leaf_hash(*other)
    else:
        node = EMPTY
    beside = dict(zip(reversed(depths), siblings))
    for depth in range(max(depths, default=-1), -1, -1):
        sibling = beside.get(depth, EMPTY)
        node = sha256(sibling, node) if bits(hashed)[depth] == "1" else sha256(node, sibling)
    require(node == claim["root"], "another state root")


# Commitments


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01", tree_root(leaves[:split]), tree_root(leaves[split:]))


def field_leaf(claim, name, salt, value):
    data = cbor2.dumps([claim["networkId"], claim["caseId"], name, salt, value], canonical=True)
    return sha256(b"\x00", b"tallystick/commitment/v1", data)


def check_commitment(claim):
    fields = claim["fields"]
    salts = [field["salt"] for field in fields]
    leaves = [field_leaf(claim, f["name"], f["salt"], read(f["valueCbor"])) for f in fields]
    while len(leaves) % 16:
        seed = cbor2.dumps([salts, len(leaves)], canonical=True)
        salt = sha256(b"tallystick/commitment/padding/v1", seed)
        leaves.append(field_leaf(claim, "", salt, None))
    require(tree_root(leaves) == claim["root"], "another commitment")


def check_opening(claim):
    """RFC 9162 2.1.3.2."""
    require(claim["size"] % 16 == 0 and 0 <= claim["index"] < claim["size"], "index or size")
    node = field_leaf(claim, claim["name"], claim["salt"], read(claim["valueCbor"]))
    at, last = claim["index"], claim["size"] - 1
    for sibling in claim["proof"]:
        require(last > 0, "proof too long")
        if at % 2 or at == last:
            node = sha256(b"\x01", sibling, node)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            node = sha256(b"\x01", node, sibling)
        at, last = at // 2, last // 2
    require(last == 0 and node == claim["root"], "does not open the commitment")


CHECKS = {
    "transactions": check_transaction,
    "leaves": check_leaf,
    "effects": check_effects,
    "states": check_state,
    "stateProofs": check_state_proof,
    "commitments": check_commitment,
    "openings": check_opening,
    "genesis": check_genesis,
    "definitions": check_definition,
    "messages": check_message,
}

TEXT = {"module", "name", "origin"}


def unhex(value, name=None):
    """Every text that is not a name stands for bytes."""
    if isinstance(value, dict):
        return {key: unhex(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [unhex(item) for item in value]
    return bytes.fromhex(value) if isinstance(value, str) and name not in TEXT else value


def answer(check, claim):
    try:
        check(unhex(claim))
        return ""
    except Fault as fault:
        return str(fault)
    except (cbor2.CBORDecodeError, ValueError, TypeError, KeyError, AttributeError) as error:
        return f"cannot be read: {error}"


def main():
    questions = json.load(sys.stdin)
    answers = {
        name: [answer(CHECKS[name], claim) for claim in claims]
        for name, claims in questions.items()
    }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

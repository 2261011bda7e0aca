const COMMON = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

interface Alphabet {
  readonly symbols: string;
  /** Value of an ASCII code, or -1. */
  readonly values: Int8Array;
}

const alphabet = (symbols: string): Alphabet => {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < symbols.length; i++) values[symbols.charCodeAt(i)] = i;
  return { symbols, values };
};

const STANDARD = alphabet(`${COMMON}+/`);
const URL_SAFE = alphabet(`${COMMON}-_`);

/** RFC 4648 §4, with padding. */
export const toBase64 = (bytes: Uint8Array): string => {
  const text = write(STANDARD, bytes);
  return text + "=".repeat((4 - (text.length % 4)) % 4);
};

/** RFC 4648 §4; null when padding, spare bits or a character differ from `toBase64`'s. */
export const fromBase64 = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0) return null;
  let end = text.length;
  if (text.endsWith("==")) end -= 2;
  else if (text.endsWith("=")) end -= 1;
  return read(STANDARD, text, end);
};

/** RFC 4648 §5, without padding, as JOSE writes it. */
export const toBase64Url = (bytes: Uint8Array): string => write(URL_SAFE, bytes);

/** RFC 4648 §5 without padding; null when spare bits or a character differ from `toBase64Url`'s. */
export const fromBase64Url = (text: string): Uint8Array | null => read(URL_SAFE, text, text.length);

const write = ({ symbols }: Alphabet, bytes: Uint8Array): string => {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += symbols.charAt((pending >> bits) & 63);
    }
  }
  return bits === 0 ? text : text + symbols.charAt((pending << (6 - bits)) & 63);
};

const read = ({ values }: Alphabet, text: string, end: number): Uint8Array | null => {
  if (end % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let pending = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    pending = ((pending << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (pending >> bits) & 0xff;
    }
  }
  const spare = pending & ((1 << bits) - 1);
  return spare === 0 ? bytes : null;
};

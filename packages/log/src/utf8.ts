// The pure packages have no TextEncoder, and its replacement of bad input would hide faults.

const LONE_SURROGATE = -1;

/** The code point at `i`, or LONE_SURROGATE. */
const codePointAt = (text: string, i: number): number => {
  const point = text.codePointAt(i) as number;
  return point >= 0xd800 && point <= 0xdfff ? LONE_SURROGATE : point;
};

/** Length of the text in UTF-8, or null when it holds a lone surrogate. */
export const utf8Length = (text: string): number | null => {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePointAt(text, i);
    if (point === LONE_SURROGATE) return null;
    if (point < 0x80) length += 1;
    else if (point < 0x800) length += 2;
    else if (point < 0x10000) length += 3;
    else {
      length += 4;
      i++;
    }
  }
  return length;
};

/** UTF-8 of the text, nothing normalised or added. Throws RangeError on a lone surrogate. */
export const encodeUtf8 = (text: string): Uint8Array => {
  const length = utf8Length(text);
  if (length === null) throw new RangeError("text holds a lone surrogate");
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point >= 0x10000) i++;
    at = writePoint(bytes, at, point);
  }
  return bytes;
};

const writePoint = (bytes: Uint8Array, start: number, point: number): number => {
  let at = start;
  if (point < 0x80) {
    bytes[at++] = point;
    return at;
  }
  if (point < 0x800) {
    bytes[at++] = 0xc0 | (point >> 6);
  } else {
    if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
    }
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
};

/** The text, a byte order mark kept as a character; null when the bytes are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | null => {
  let text = "";
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      i++;
      continue;
    }
    const length = sequenceLength(first);
    const point = length === 0 ? null : readPoint(bytes, i, length);
    if (point === null) return null;
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
};

const sequenceLength = (first: number): 0 | 2 | 3 | 4 => {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
};

/** The smallest code point that needs a sequence of this length; anything below is overlong. */
const SMALLEST = { 2: 0x80, 3: 0x800, 4: 0x10000 } as const;

const readPoint = (bytes: Uint8Array, start: number, length: 2 | 3 | 4): number | null => {
  let point = (bytes[start] as number) & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[start + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return null;
    point = (point << 6) | (next & 0x3f);
  }
  if (point < SMALLEST[length] || point > 0x10ffff) return null;
  return point >= 0xd800 && point <= 0xdfff ? null : point;
};

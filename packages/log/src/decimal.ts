/**
 * Reads an unsigned decimal as the C2SP texts write it: ASCII digits, no sign, no leading zero.
 * Null for anything else and for what exceeds Number.MAX_SAFE_INTEGER.
 */
export const parseDecimal = (text: string): number | null => {
  if (text.length === 0 || text.length > 16) return null;
  if (text.length > 1 && text.startsWith("0")) return null;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : null;
};

/** Whether the value can be a tree size, an index or a timestamp: a safe integer, not negative. */
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

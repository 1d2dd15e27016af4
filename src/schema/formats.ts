/** How long a text may be that is looked at by its format. */
const MAX_LENGTH = 10_000;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const GROUP = /^[\da-f]{1,4}$/i;
const BYTE = /^(?:0|[1-9]\d{0,2})$/;

/**
 * The formats that are validated, each in time that is linear in the text; others are told to models alone. None of the
 * patterns can be matched in two ways.
 */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  "date-time": (text) => /^.{10}[t ]/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  duration: (text) =>
    /^P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/.test(text),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  uri: (text) => /^[a-z][a-z\d+.-]*:(?=.)[^\s<>"{}|\\^`%]*(?:%[\da-f]{2}[^\s<>"{}|\\^`%]*)*$/i.test(text),
  uuid: (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text),
};

/** Whether a text is of a format; true for a format that is not looked at. */
export function hasFormat(format: string, text: string): boolean {
  if (!Object.hasOwn(FORMATS, format)) return true;
  return text.length <= MAX_LENGTH && (FORMATS[format] as (text: string) => boolean)(text);
}

function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

function isTime(text: string): boolean {
  const parts = TIME.exec(text);
  if (parts === null) return false;
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = [1, 2, 3, 5, 6].map((at) =>
    Number(parts[at] ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) return false;
  // A leap second is the last of a day at zone zero.
  const zone = (zoneHour * 60 + zoneMinute) * (parts[4] === "-" ? -1 : 1);
  return second < 60 || (hour * 60 + minute - zone + 2 * 1440) % 1440 === 1439;
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || !LOCAL_PART.test(text.slice(0, at))) return false;
  const domain = text.slice(at + 1);
  if (!domain.startsWith("[")) return isHostname(domain);
  const address = domain.slice(1, -1);
  return domain.endsWith("]") && (address.startsWith("IPv6:") ? isIpv6(address.slice(5)) : isIpv4(address));
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split(".").every((label) => LABEL.test(label));
}

function isIpv4(text: string): boolean {
  const bytes = text.split(".");
  return bytes.length === 4 && bytes.every((byte) => BYTE.test(byte) && Number(byte) < 256);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) as string[]; // A split text has a part.
  let count = groups.flat().length;
  if (last.at(-1)?.includes(".")) {
    if (!isIpv4(last.pop() as string)) return false;
    count += 1;
  }
  return groups.flat().every((group) => GROUP.test(group)) && (halves.length === 2 ? count <= 7 : count === 8);
}

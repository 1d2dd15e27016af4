import { describe, expect, it, test } from "vitest";
import { hasFormat } from "../../src/schema/formats.ts";

const TEXTS: Readonly<Record<string, { readonly fit: readonly string[]; readonly misfit: readonly string[] }>> = {
  date: {
    fit: ["2024-02-29", "2000-02-29", "2023-12-31", "0000-01-01"],
    misfit: ["2023-02-29", "1900-02-29", "2023-04-31", "2023-13-01", "2023-00-10", "2023-01-00", "2023-1-1", "", "x"],
  },
  time: {
    fit: ["10:30:00Z", "23:59:59.123z", "10:30:00+02:00", "23:59:60Z", "01:29:60+01:30", "22:59:60-01:00"],
    misfit: [
      "10:30:00",
      "24:00:00Z",
      "10:60:00Z",
      "10:30:61Z",
      "10:30Z",
      "10:30:00+24:00",
      "10:30:00+01:60",
      "22:59:60Z",
    ],
  },
  "date-time": {
    fit: ["2024-05-01T10:00:00Z", "2024-05-01t10:00:00.5-07:00", "2024-05-01 10:00:00Z"],
    misfit: [
      "2024-05-01T10:00:00",
      "2024-05-32T10:00:00Z",
      "2024-05-01T25:00:00Z",
      "2024-05-01",
      "10:00:00Z",
      "2024-05-01x10:00:00Z",
    ],
  },
  duration: {
    fit: ["P1D", "P1Y2M3DT4H5M6S", "PT1H", "PT0.5S", "P2W", "P1Y"],
    misfit: ["P", "PT", "P1DT", "1D", "P1S", "P1W1D", "P1D1Y", ""],
  },
  email: {
    fit: ["ada@example.com", "a.b+c@x-y.org", "a@localhost", "a@[127.0.0.1]", "a@[IPv6:::1]"],
    misfit: [
      "ada",
      "@example.com",
      "ada@",
      "a b@c.de",
      ".a@b.c",
      "a..b@c.de",
      "a.@b.c",
      "a@-b.c",
      "a@[x]",
      "a@[IPv6:x]",
      "a@[::1",
      `${"a".repeat(65)}@b.c`,
    ],
  },
  hostname: {
    fit: ["example.com", "localhost", "a-b.c1", "1.2"],
    misfit: ["", "-a.com", "a-.com", "a..b", "a_b", "a.com.", "a".repeat(64), Array(128).fill("ab").join(".")],
  },
  ipv4: {
    fit: ["127.0.0.1", "0.0.0.0", "255.255.255.255"],
    misfit: ["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "a.b.c.d", ""],
  },
  ipv6: {
    fit: ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "fe80::1:2", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"],
    misfit: [
      "",
      ":",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8",
      "1::2::3",
      "12345::",
      "g::",
      ":::",
      "::1.2.3.256",
      "1.2.3.4::",
    ],
  },
  uri: {
    fit: ["https://example.com/a?b=c#d", "mailto:a@b.c", "urn:isbn:1", "a:b%20c", "file:///x"],
    misfit: ["example.com", "//example.com", "a:", ":a", "a:b c", "a:b%2", "a:b%zz", "1a:b", "a:<b>", ""],
  },
  uuid: {
    fit: ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
    misfit: [
      "123e4567e89b12d3a456426614174000",
      "123e4567-e89b-12d3-a456-42661417400",
      "x23e4567-e89b-12d3-a456-426614174000",
      "",
    ],
  },
};

describe.each(Object.entries(TEXTS))("a text of the format %s", (format, { fit, misfit }) => {
  test.each(fit)("may be %j", (text) => expect(hasFormat(format, text)).toBe(true));
  test.each(misfit)("is not %j", (text) => expect(hasFormat(format, text)).toBe(false));
});

describe("a format", () => {
  test.each(["regex", "x", "constructor", "__proto__", "toString"])(
    "that is not looked at fits any text: %s",
    (format) => {
      expect(hasFormat(format, "anything")).toBe(true);
    },
  );

  it("is never that of a text of more than 10,000 characters", () => {
    expect(hasFormat("uri", `a:${"b".repeat(9_998)}`)).toBe(true);
    expect(hasFormat("uri", `a:${"b".repeat(9_999)}`)).toBe(false);
  });

  test.each([
    ["email", `${"a".repeat(60)}@${"a.".repeat(4_900)}`],
    ["email", "a.".repeat(5_000)],
    ["uri", `a:${"%20".repeat(3_000)}%`],
    ["duration", `P${"1".repeat(9_000)}`],
    ["ipv6", ":1".repeat(4_000)],
    ["time", `10:00:00.${"1".repeat(9_000)}`],
    ["hostname", `${"a-".repeat(4_000)}`],
  ])("takes no long time: %s", (format, text) => {
    const started = performance.now();
    for (let time = 0; time < 20; time++) hasFormat(format, text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

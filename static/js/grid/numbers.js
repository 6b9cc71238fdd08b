// Reads what an officer types as the server does (criteria/rules/numbers.py, ranges.py). The server stays the judge.
(() => {
  "use strict";
  const NOT_APPLICABLE = ["khong ap dung", "kad", "n/a"];
  const YES = ["dat", "d", "x", "v", "✓", "✔", "1"];
  const NO = ["chua dat", "khong dat", "cd", "kd", "0"];
  const LONGEST = 40;
  const DECIMALS = 4;
  const PLAIN = /^-?[0-9]+(,[0-9]+)?$/;
  const BY_DOTS = /^-?[1-9][0-9]{0,2}((\.[0-9]{3}){2,}|(\.[0-9]{3})+,[0-9]+)$/;
  const BY_SPACES = /^-?[1-9][0-9]{0,2}( [0-9]{3})+(,[0-9]+)?$/;
  const ONE_DOT = /^(-?)([1-9][0-9]{0,2})\.([0-9]{3})$/;
  const ONE_COMMA = /^(-?)([1-9][0-9]{0,2}),([0-9]{3})$/;
  const DOT_FOR_COMMA = /^-?[0-9]+\.[0-9]+$/;

  const clean = (text) => text.normalize("NFC").replace(/[\u2011-\u2014\u2212]/g, "-")
    .split(/[\s\x1c-\x1f\x85]+/).filter(Boolean).join(" ");
  const folded = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

  function parse(text, type, about = "") {
    const cleaned = clean(text);
    if (!cleaned) return { value: null };
    if ([...cleaned].length > LONGEST) return { fault: "Nội dung quá dài. Chỉ gõ một giá trị; phần giải thích ghi vào ghi chú." };
    if (NOT_APPLICABLE.includes(folded(cleaned))) return { value: null, na: true };
    if (!cleaned.replaceAll("-", "")) return { fault: "Dấu “-” chưa rõ nghĩa. Để trống nếu chưa có số liệu, hoặc gõ “không áp dụng”." };
    return type === "boolean" ? yesOrNo(cleaned, about) : number(cleaned, type);
  }

  function yesOrNo(cleaned, about) {
    const word = folded(cleaned).replace(/\.+$/, "");
    const asksForAbsence = (folded(clean(about)).match(/[\p{L}\p{N}_]+/gu) || []).includes("khong");
    if (["co", "khong"].includes(word) && asksForAbsence) {
      return { fault: `“${cleaned}” chưa rõ là đạt hay chưa đạt ở nội dung này. Gõ “Đạt” hoặc “Chưa đạt”.` };
    }
    if (YES.includes(word) || word === "co") return { value: "1" };
    if (NO.includes(word) || word === "khong") return { value: "0" };
    return { fault: `Không hiểu “${cleaned}”. Gõ “Đạt” hoặc “Chưa đạt” (Đ, CĐ, x, có, không).` };
  }

  function number(cleaned, type) {
    let bare = cleaned;
    if (cleaned.endsWith("%")) {
      if (type !== "percent") return { fault: `“${cleaned}”: nội dung này không tính bằng phần trăm. Gõ số, không kèm dấu %.` };
      bare = cleaned.slice(0, -1).trimEnd();
    }
    const twice = ONE_DOT.exec(bare) || (type !== "percent" && ONE_COMMA.exec(bare));
    if (twice) return { fault: twoReadings(...twice) };
    if (PLAIN.test(bare) || BY_DOTS.test(bare) || BY_SPACES.test(bare)) {
      return { value: bare.replace(/[. ]/g, "").replace(",", ".") };
    }
    if (DOT_FOR_COMMA.test(bare)) return { fault: `“${bare}”: phần lẻ viết sau dấu phẩy. Có phải bạn muốn gõ ${bare.replace(".", ",")}?` };
    return { fault: `Không đọc được số “${cleaned}”. Viết như 1234,5 hoặc 1.234,5; không kèm đơn vị tính.` };
  }

  function twoReadings(bare, sign, whole, rest) {
    return `“${bare}” có hai cách hiểu. Gõ ${sign}${whole}${rest} nếu là ${sign}${whole} nghìn ${rest}, `
      + `hoặc ${sign}${whole},${rest}0 nếu là số lẻ.`;
  }

  // Decimals as whole numbers of 10^-40, exact: no value typed here has more digits.
  function scaled(text) {
    const [whole, rest = ""] = text.replace("-", "").split(".");
    const size = BigInt(whole + rest.padEnd(LONGEST, "0"));
    return text.startsWith("-") ? -size : size;
  }

  function outOfRange(value, type) {
    const size = scaled(value);
    if (type === "boolean") return "";
    if (size < 0n) return "Giá trị không được âm.";
    if (type === "percent" && size > scaled("100")) return "Tỷ lệ phải từ 0 đến 100%.";
    const decimals = (value.split(".")[1] || "").replace(/0+$/, "").length;
    if (type === "count" && decimals) return "Số đếm phải là số nguyên, không có phần lẻ.";
    if (size >= scaled("1" + "0".repeat(12))) return "Giá trị quá lớn. Kiểm tra lại đơn vị tính.";
    if (decimals > DECIMALS) return `Chỉ ghi nhiều nhất ${DECIMALS} chữ số sau dấu phẩy.`;
    return "";
  }

  // 0061.50 as the server writes it: 61,5. Three decimals get a fourth, as there.
  function plain(value) {
    const [whole, rest = ""] = value.split(".");
    const short = rest.replace(/0+$/, "");
    const decimals = short.length === 3 ? `${short}0` : short;
    return whole.replace(/^(-?)0+(?=\d)/, "$1") + (decimals && `,${decimals}`);
  }

  // {value, na} or {fault}, for one cell: type, about (its name), mayNotApply.
  function read(text, { type, about = "", mayNotApply = false }) {
    const parsed = parse(text, type, about);
    if (parsed.fault) return parsed;
    if (parsed.na && !mayNotApply) return { fault: "Chỉ tiêu này luôn áp dụng, không chọn được “không áp dụng”." };
    const fault = parsed.value === null ? "" : outOfRange(parsed.value, type);
    return fault ? { fault } : parsed;
  }

  // The sign of the verdict: ok, bad, na, nil (no value), open (no threshold).
  function verdict(parsed, operator, level) {
    if (parsed.na) return "na";
    if (parsed.value === null) return "nil";
    if (!level) return "open";
    const [value, bound] = [scaled(parsed.value), scaled(level)];
    return (operator === "<=" ? value <= bound : value >= bound) ? "ok" : "bad";
  }

  window.NTM = Object.assign(window.NTM || {}, { numbers: { parse, read, plain, verdict, folded: (text) => folded(clean(text)) } });
})();

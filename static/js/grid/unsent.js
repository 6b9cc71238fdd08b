// The page of signing out: what this person has not sent, to be sent now, removed, or kept sealed on this computer.
(async () => {
  "use strict";
  const desk = document.getElementById("desk");
  if (!desk) return;
  const link = new NTM.Link(desk.dataset, await NTM.Store.of(desk.dataset));
  const place = document.getElementById("unsent");
  let failed = false;

  function line(edit) {
    const item = document.createElement("li");
    const cell = document.createElement("a");
    cell.href = edit.href;
    cell.textContent = edit.where;
    const value = document.createElement("b");
    value.className = "n";
    value.textContent = edit.text || "trống";
    const said = document.createElement("span");
    said.className = "mut";
    said.textContent = edit.held ? edit.held.message : "";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn s";
    drop.textContent = "Xoá";
    drop.setAttribute("aria-label", `Xoá ${edit.where}`);
    drop.addEventListener("click", () => link.drop(edit.id));
    item.append(cell, value, said, drop);
    return item;
  }

  function draw() {
    const edits = [...link.edits.values()].sort((one, other) => one.at - other.at);
    const closed = link.store.closed.length;
    const count = edits.length + closed;
    place.hidden = !count;
    document.querySelector("[data-none]").hidden = Boolean(count);
    place.querySelector("h2").textContent = `${count} ô chưa gửi${failed && edits.length ? ", chưa gửi được" : ""}`;
    place.querySelector("ul").replaceChildren(...edits.map(line));
    const locked = place.querySelector("[data-closed]");
    locked.hidden = !closed;
    locked.textContent = `${closed} ô không mở được: khoá của máy chủ đã đổi từ khi gõ. Báo quản trị để mở lại, hoặc xoá.`;
    place.querySelector("[data-send]").hidden = !edits.length;
    const why = place.querySelector("[data-why]");
    why.hidden = !(link.trouble && edits.length);
    why.textContent = link.trouble ? `Chưa gửi được: ${link.trouble.words}.` : "";
    document.querySelector("[data-leave]").textContent = count ? "Giữ lại trên máy này và đăng xuất" : "Đăng xuất";
  }

  link.on("changed", draw);
  for (const edit of await link.store.all()) link.edits.set(edit.id, edit);
  draw();
  place.querySelector("[data-send]").addEventListener("click", async () => {
    await link.flush();
    failed = link.edits.size > 0;
    draw();
  });
  place.querySelector("[data-remove]").addEventListener("click", () => {
    link.store.dropClosed();
    for (const id of [...link.edits.keys()]) link.drop(id);
    draw();
  });
})();

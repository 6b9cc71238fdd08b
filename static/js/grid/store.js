// Edits that have not reached the server, kept in this browser: sealed with the key of the person who typed them.
// The key comes with that person's pages only, so the next person on the computer can neither read nor send them.
(() => {
  "use strict";
  const NAME = "ntm-o/";
  const encoder = new TextEncoder();

  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const imported = (key) => crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  const how = (name, iv) => ({ name: "AES-GCM", iv, additionalData: encoder.encode(name) });

  class Store {
    // Where nothing can be sealed (no secure context, storage refused) edits live as long as the page: `lasts` is false.
    static async of(person) {
      const store = new Store();
      // What this window last wrote or read of each edit: another window of the person may have written since.
      Object.assign(store, { prefix: `${NAME}${person.user}/`, own: new Map(), closed: [] });
      try {
        // The present key seals; earlier ones open what was sealed before the server's secret changed.
        store.keys = await Promise.all(person.key.split(" ").map(imported));
        localStorage.setItem(`${NAME}thu`, "1");
        localStorage.removeItem(`${NAME}thu`);
        store.lasts = true;
      } catch {
        store.lasts = false;
      }
      return store;
    }

    async put(edit) {
      await this.seal(edit, () => true);
    }

    // The same edit with something new about it: never over what another window typed meanwhile.
    async update(edit) {
      await this.seal(edit, (name) => this.isOwn(name));
    }

    // One at a time in the order asked for, whichever window asks: sealing takes a moment, and what was typed first must
    // not be written over what was typed after it in another window.
    async seal(edit, may) {
      if (!this.lasts) return;
      const name = this.prefix + edit.id;
      await navigator.locks.request(name, () => this.sealed(name, edit, may));
    }

    async sealed(name, edit, may) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt(how(name, iv), this.keys[0], encoder.encode(JSON.stringify(edit)));
      // An edit that was saved or typed over meanwhile is not written back.
      if (edit.gone || !may(name)) return;
      try {
        this.write(name, `${text(iv)}.${text(sealed)}`);
      } catch {
        this.lasts = false;
      }
    }

    write(name, value) {
      localStorage.setItem(name, value);
      this.own.set(name, value);
    }

    isOwn(name) {
      const stored = localStorage.getItem(name);
      return stored === null || stored === this.own.get(name);
    }

    drop(id) {
      const name = this.prefix + id;
      if (this.lasts && this.isOwn(name)) localStorage.removeItem(name);
    }

    // The edits of this person, oldest first. What no key opens stays where it is; `closed` names it.
    async all() {
      if (!this.lasts) return [];
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
      const edits = await Promise.all(names.map((name) => this.open(name)));
      this.closed = names.filter((name, place) => !edits[place]);
      return edits.filter(Boolean).sort((one, other) => one.at - other.at);
    }

    async open(name) {
      const stored = localStorage.getItem(name);
      for (const key of this.keys) {
        const edit = await this.opened(name, stored, key);
        if (!edit) continue;
        this.own.set(name, stored);
        if (key !== this.keys[0]) await this.update(edit);
        return edit;
      }
      return null;
    }

    async opened(name, stored, key) {
      try {
        const [iv, sealed] = stored.split(".").map(bytes);
        return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how(name, iv), key, sealed)));
      } catch {
        return null;
      }
    }

    dropClosed() {
      for (const name of this.closed) localStorage.removeItem(name);
      this.closed = [];
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Store });
})();

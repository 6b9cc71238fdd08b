// Edits that have not reached the server, kept in this browser: sealed with the key of the person who typed them.
// The key comes with that person's pages only, so the next person on the computer can neither read nor send them.
(() => {
  "use strict";
  const NAME = "ntm-o/";
  const encoder = new TextEncoder();

  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

  class Store {
    // Where nothing can be sealed (no secure context, storage refused) edits live as long as the page: `lasts` is false.
    static async of(person) {
      const store = new Store();
      store.prefix = `${NAME}${person.user}/`;
      try {
        store.key = await crypto.subtle.importKey("raw", bytes(person.key), "AES-GCM", false, ["encrypt", "decrypt"]);
        localStorage.setItem(`${NAME}thu`, "1");
        localStorage.removeItem(`${NAME}thu`);
        store.lasts = true;
      } catch {
        store.lasts = false;
      }
      return store;
    }

    async put(edit) {
      if (!this.lasts) return;
      const name = this.prefix + edit.id;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const how = { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
      const sealed = await crypto.subtle.encrypt(how, this.key, encoder.encode(JSON.stringify(edit)));
      // Sealing takes a moment; an edit that was saved or typed over meanwhile is not written back.
      if (edit.gone) return;
      try {
        localStorage.setItem(name, `${text(iv)}.${text(sealed)}`);
      } catch {
        this.lasts = false;
      }
    }

    drop(id) {
      if (this.lasts) localStorage.removeItem(this.prefix + id);
    }

    // The edits of this person, oldest first. What cannot be opened is left alone: it is not this person's.
    async all() {
      if (!this.lasts) return [];
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
      const edits = await Promise.all(names.map((name) => this.open(name)));
      return edits.filter(Boolean).sort((one, other) => one.at - other.at);
    }

    async open(name) {
      try {
        const [iv, sealed] = localStorage.getItem(name).split(".").map(bytes);
        const how = { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
        return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, this.key, sealed)));
      } catch {
        return null;
      }
    }
  }

  window.NTM = Object.assign(window.NTM || {}, { Store });
})();

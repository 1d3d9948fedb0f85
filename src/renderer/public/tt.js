// The one Trusted Types policy of the page, made before any bundle runs. Mantine writes style sheets through innerHTML
// (they hold no "<") and workers are started by address; without a default policy both throw.

if (window.trustedTypes) {
  window.trustedTypes.createPolicy('default', {
    createHTML: (text) => {
      if (String(text).includes('<')) throw new TypeError('Dangol writes no markup from strings');
      return text;
    },
    createScriptURL: (address) => {
      const url = new URL(String(address), document.baseURI);
      if (url.origin !== window.location.origin) throw new TypeError('Dangol runs scripts of its own origin only');
      return url.href;
    },
  });
}

// A clock that beats also while its page is in the background, where the page's own timers are held back.
setInterval(() => postMessage(0), 1000);

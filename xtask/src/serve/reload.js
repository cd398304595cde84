// Loads the page again when it was built anew.
new EventSource("./reload").onmessage = () => location.reload();

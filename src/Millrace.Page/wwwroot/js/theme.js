// Before the first paint, and so no module: the theme that was chosen last.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system';

"""The browser as an ordinary visitor. Only this package and harness/camera know Playwright."""

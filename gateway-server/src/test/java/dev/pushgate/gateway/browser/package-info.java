/// The browser client and the page, in a real Chromium.
@NullMarked
package dev.pushgate.gateway.browser;

import org.jspecify.annotations.NullMarked;

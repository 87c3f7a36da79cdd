/// The files that a gateway gives to browsers: its client module, and the page at `/`.
@NullMarked
package dev.pushgate.gateway.page;

import org.jspecify.annotations.NullMarked;

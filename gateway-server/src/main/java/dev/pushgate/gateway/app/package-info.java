/// The wiring: starts everything in order and stops it in reverse.
@NullMarked
package dev.pushgate.gateway.app;

import org.jspecify.annotations.NullMarked;

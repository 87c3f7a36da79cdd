/// Servers for tests: real ones, wherever they come from.
@NullMarked
package dev.pushgate.gateway.testing;

import org.jspecify.annotations.NullMarked;

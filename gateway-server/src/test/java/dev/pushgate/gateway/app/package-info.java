/// Tests of the wiring that need no gateway.
@NullMarked
package dev.pushgate.gateway.app;

import org.jspecify.annotations.NullMarked;

/// Parts of the wiring by themselves.
@NullMarked
package dev.pushgate.gateway.app;

import org.jspecify.annotations.NullMarked;

/// The gateway: adapters around the core, and the wiring of them.
@NullMarked
package dev.pushgate.gateway;

import org.jspecify.annotations.NullMarked;

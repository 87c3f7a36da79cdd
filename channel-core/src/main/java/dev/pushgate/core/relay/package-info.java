/// The port through which every publication reaches its channel's home.
@NullMarked
package dev.pushgate.core.relay;

import org.jspecify.annotations.NullMarked;

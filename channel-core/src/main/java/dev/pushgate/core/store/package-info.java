/// The ports to durable streams. No SQL here.
@NullMarked
package dev.pushgate.core.store;

import org.jspecify.annotations.NullMarked;

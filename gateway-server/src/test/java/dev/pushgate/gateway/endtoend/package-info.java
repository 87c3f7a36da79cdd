/// The whole node, as its clients and its operator see it.
@NullMarked
package dev.pushgate.gateway.endtoend;

import org.jspecify.annotations.NullMarked;

/// The files for browsers, tested.
@NullMarked
package dev.pushgate.gateway.page;

import org.jspecify.annotations.NullMarked;
